"""What the demo workplace holds, in words.  Values only: nothing here touches a database."""
