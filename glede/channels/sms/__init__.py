"""Text messages over Twilio's published REST contract: one connection a batch, one person a message.

Owns how a message becomes a request, how answers, reports and replies are read, and who may call our address. Class
C: each message carries its own id in the address that is called back, and a list can be asked for what nobody
heard of; without either a lost answer is never followed by a second text. Never chooses words or people.
"""
