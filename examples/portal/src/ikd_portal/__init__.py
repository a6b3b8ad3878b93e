"""An example front end of ikd, in a browser: phone, desk, ministry, verifier, complaints, plots.

It shows what every front end does: it knows who is at the other end, states that actor and no
other, makes a command of what came, and answers with no more than that session may see. Of ikd it
imports the front door alone.
"""
