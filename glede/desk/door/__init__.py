"""At the door: who comes without an appointment, who is squeezed in, and who is told that we run late."""
