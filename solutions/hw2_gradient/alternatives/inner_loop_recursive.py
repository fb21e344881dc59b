"""The inner loop calls itself; tuples of parameters in the order of their names.

Module: maml
"""


def inner_loop(forward, parameters, images, labels, inner_lrs, num_steps, train):
    names = sorted(parameters)
    values = tuple(parameters[name] for name in names)
    logits = forward(dict(zip(names, values)), images)
    accuracy = (logits.argmax(-1) == labels).float().mean()
    if num_steps == 0:
        return dict(zip(names, values)), [accuracy]
    loss = torch.nn.CrossEntropyLoss()(logits, labels)
    grads = torch.autograd.grad(loss, values, create_graph=train, retain_graph=train)
    stepped = {}
    for name, value, gradient in zip(names, values, grads):
        stepped[name] = torch.add(value, -inner_lrs[name] * gradient)
    adapted, later = inner_loop(forward, stepped, images, labels, inner_lrs, num_steps - 1, train)
    return adapted, [accuracy, *later]
