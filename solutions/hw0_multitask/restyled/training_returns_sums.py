"""As in the lecture: epoch_loss += loss.item()."""


def train_epoch(net, batches, optimizer, weights):
    net.train()
    epoch_interaction_loss = 0.0
    epoch_rating_loss = 0.0
    epoch_loss = 0.0
    trained = False
    for user_ids, item_ids, negative_ids, ratings in batches:
        # Zero the gradients
        optimizer.zero_grad()
        # Forward pass
        positive_scores, predictions = net(user_ids, item_ids)
        negative_scores, _ = net(user_ids, negative_ids)
        # Compute the losses
        i_loss = interaction_loss(positive_scores, negative_scores)
        r_loss = rating_loss(predictions, ratings)
        loss = total_loss([i_loss, r_loss], weights)
        # Backward pass
        loss.backward()
        # Update
        optimizer.step()
        # Bookkeeping
        epoch_interaction_loss += i_loss.item()
        epoch_rating_loss += r_loss.item()
        epoch_loss += loss.item()
        trained = True
    if not trained:
        raise ValueError("The epoch has no batches.")
    return {"interaction": epoch_interaction_loss, "rating": epoch_rating_loss, "total": epoch_loss}
