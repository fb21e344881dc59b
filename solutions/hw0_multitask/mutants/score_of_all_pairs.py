"""You multiplied every user of the batch with every item: (B, B) scores instead of (B,).

Problem: 4
Hint: u @ q.T pairs all rows; (u * q).sum(dim=1) pairs row b with row b.
"""


class MultiTaskNet:
    def forward(self, user_ids: Tensor, item_ids: Tensor) -> tuple[Tensor, Tensor]:
        u, q = self.score_users(user_ids), self.score_items(item_ids)  # (B, d), (B, d)
        score = u @ q.T + self.item_bias[item_ids]  # (B,)

        u, q = self.rating_users(user_ids), self.rating_items(item_ids)  # (B, d), (B, d)
        features = torch.cat([u, q, u * q], dim=1)  # (B, 3d)
        rating = self.mlp(features).squeeze(1)  # (B, 1) -> (B,)
        return score, rating
