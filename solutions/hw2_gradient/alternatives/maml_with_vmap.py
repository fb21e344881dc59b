"""Functions of torch.func: the inner gradient by grad, the tasks of a batch side by side by vmap.

Module: maml
"""

from torch.func import grad_and_value, vmap


def _cross_entropy(phi, forward, images, labels):
    logits = forward(phi, images)
    return functional.cross_entropy(logits, labels), logits


def _accuracy(logits, labels):
    return (logits.argmax(dim=-1) == labels).to(logits.dtype).mean(dim=-1)


def inner_loop(forward, parameters, images, labels, inner_lrs, num_steps, train):
    phi = {name: value.clone() for name, value in parameters.items()}
    accuracies = []
    for _ in range(num_steps):
        gradients, (_, logits) = grad_and_value(_cross_entropy, has_aux=True)(phi, forward, images, labels)
        if not train:
            gradients = {name: gradient.detach() for name, gradient in gradients.items()}
        phi = {name: value - inner_lrs[name] * gradients[name] for name, value in phi.items()}
        accuracies.append(_accuracy(logits, labels))
    accuracies.append(_accuracy(forward(phi, images), labels))
    return phi, accuracies


def outer_loss(forward, parameters, task_batch, inner_lrs, num_steps, train):
    if len(task_batch) == 0:
        raise ValueError("an empty batch")

    def of_task(support_images, support_labels, query_images, query_labels):
        phi, accuracies = inner_loop(forward, parameters, support_images, support_labels, inner_lrs, num_steps, train)
        loss, logits = _cross_entropy(phi, forward, query_images, query_labels)
        return loss, torch.stack(accuracies), _accuracy(logits, query_labels)

    columns = [torch.stack(column) for column in zip(*task_batch)]
    losses, support_accuracies, query_accuracies = vmap(of_task)(*columns)  # (T,), (T, L + 1), (T,)
    return losses.mean(), list(support_accuracies.mean(dim=0)), query_accuracies.mean()


def meta_test(forward, parameters, tasks, inner_lrs, num_steps):
    return mean_and_interval(
        [outer_loss(forward, parameters, [t], inner_lrs, num_steps, False)[2].item() for t in tasks]
    )
