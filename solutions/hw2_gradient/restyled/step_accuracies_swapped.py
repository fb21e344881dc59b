"""An inner function; accuracies as they were found.

Module: protonet
"""


def protonet_step(encoder, task_batch):
    def accuracy(logits, labels):
        _, guess = logits.max(dim=1)
        return (guess == labels).sum().item() / labels.numel()

    def one(support_images, support_labels, query_images, query_labels):
        support, query = encoder(support_images), encoder(query_images)
        num_classes = len(support_labels.unique())
        means = prototypes(support, support_labels, num_classes)
        log_p = functional.log_softmax(protonet_logits(query, means), dim=1)
        loss = functional.nll_loss(log_p, query_labels)
        return loss, accuracy(log_p, query_labels), accuracy(protonet_logits(support, means), support_labels)

    results = [one(*task) for task in task_batch]
    if not results:
        raise ValueError("nothing given")
    losses, support_accs, query_accs = zip(*results)
    return torch.stack(losses).mean(), sum(support_accs) / len(results), sum(query_accs) / len(results)
