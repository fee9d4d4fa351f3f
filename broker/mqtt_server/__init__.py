"""The MQTT server of a site: mosquitto or the embedded one, its accounts and their access."""
