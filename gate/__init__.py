"""The gate program: a camera picture becomes one arrival a car."""
