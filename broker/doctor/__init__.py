"""``yingbin doctor``: what is wrong at a site and what to do; it changes nothing."""
