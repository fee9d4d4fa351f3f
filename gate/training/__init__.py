"""Draws plates and scenes and trains the gate's two networks; never needed to read plates."""
