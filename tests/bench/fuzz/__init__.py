"""Strange messages from every account, over a real MQTT server, to a real hub that people use."""
