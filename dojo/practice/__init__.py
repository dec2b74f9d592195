"""Practice against the clock: what was done, what is due, and what it shows.

home      where it is kept            attempt   one drill, folded from its records
log       what happened, line by line schedule  what is due, by spaced repetition
clock     practice time and days      stats     the figures; page draws them
"""
