"""The main job from lists to messages, by the command line alone."""
