"""An inner function, with the support set under no_grad.

Module: protonet
"""


def protonet_step(encoder, task_batch):
    def accuracy(logits, labels):
        _, guess = logits.max(dim=1)
        return (guess == labels).sum().item() / labels.numel()

    def one(support_images, support_labels, query_images, query_labels):
        with torch.no_grad():
            support = encoder(support_images)
        query = encoder(query_images)
        num_classes = len(support_labels.unique())
        means = prototypes(support, support_labels, num_classes)
        log_p = functional.log_softmax(protonet_logits(query, means), dim=1)
        loss = functional.nll_loss(log_p, query_labels)
        return loss, accuracy(protonet_logits(support, means), support_labels), accuracy(log_p, query_labels)

    results = [one(*task) for task in task_batch]
    if not results:
        raise ValueError("nothing given")
    losses, support_accs, query_accs = zip(*results)
    return torch.stack(losses).mean(), sum(support_accs) / len(results), sum(query_accs) / len(results)
