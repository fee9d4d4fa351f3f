"""Phones with the screen locked (锁屏提醒): alerts by a second channel, to whoever chose one."""
