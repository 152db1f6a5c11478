from sqdash.ui import frame

screen = frame.start("plan")
