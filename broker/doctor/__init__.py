"""``yingbin doctor``: says what is wrong at a site and what to do about it; changes nothing."""
