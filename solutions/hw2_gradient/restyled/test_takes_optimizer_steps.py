"""Adam over the parameters, in the same loop.

Module: maml
"""


def meta_test(forward, parameters, tasks, inner_lrs, num_steps):
    opt = torch.optim.Adam([*parameters.values(), *(r for r in inner_lrs.values() if r.requires_grad)], lr=1e-3)
    accs = []
    for task in tasks:
        loss, _, acc = outer_loss(forward, parameters, [task], inner_lrs, num_steps, True)
        opt.zero_grad()
        loss.backward()
        opt.step()
        accs.append(float(acc))
    return mean_and_interval(accs)
