"""You looked up the item bias with the user's id.

Problem: 4
Hint: The bias belongs to the item: use item_ids.
"""


class MultiTaskNet:
    def forward(self, user_ids: Tensor, item_ids: Tensor) -> tuple[Tensor, Tensor]:
        u, q = self.score_users(user_ids), self.score_items(item_ids)  # (B, d), (B, d)
        score = (u * q).sum(dim=1) + self.item_bias[user_ids % len(self.item_bias)]  # (B,)

        u, q = self.rating_users(user_ids), self.rating_items(item_ids)  # (B, d), (B, d)
        features = torch.cat([u, q, u * q], dim=1)  # (B, 3d)
        rating = self.mlp(features).squeeze(1)  # (B, 1) -> (B,)
        return score, rating
