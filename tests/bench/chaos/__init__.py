"""A site whose power, disks, clocks and MQTT server fail at random moments: nothing may be lost."""
