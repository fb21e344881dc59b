"""Reports: raises an exception whose name, text and place hold escapes, markup, formulas and marks that turn text around."""

HOSTILE = "=1+1\x1b[2J\x1b]0;x\x07<script>alert(1)</script>[bold]x[/]\u202e\u2066\u200b\u2028\0|![](http://x)"


def total_loss(losses, weights=None):
    print(HOSTILE)
    kind = type(HOSTILE.replace("\0", ""), (Exception,), {})
    text = compile("def f(e):\n    raise e\n", "multitask.py", "exec")
    space = {}
    exec(text, space)
    function = space["f"]
    function.__code__ = function.__code__.replace(co_name=HOSTILE, co_firstlineno=1)
    function(kind(HOSTILE))
