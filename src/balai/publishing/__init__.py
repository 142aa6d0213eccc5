"""Publishing: what the institution says, from objective to proof, on every account, exactly once.

Words: item, variant, revision, approval, schedule, hold, correction. Stands on: channels,
registry, governance, people, ground.
What was approved is what goes out, byte for byte; nothing is published without a remote id or a
proof.
"""
