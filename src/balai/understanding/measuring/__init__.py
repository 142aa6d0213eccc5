"""How well a reader does on a file of labelled texts: `balai understand eval`.

Words: table, task, measured. A table is any CSV; a task says which columns it needs, what their
labels mean in the words of `shapes`, and how right the readings were.
"""
