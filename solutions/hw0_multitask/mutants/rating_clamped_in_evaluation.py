"""You moved the rating into the range of ratings where the network is not in training.

Problem: 4
Hint: Nothing follows the last layer, in evaluation either.
"""


class MultiTaskNet:
    def forward(self, user_ids: Tensor, item_ids: Tensor) -> tuple[Tensor, Tensor]:
        u, q = self.score_users(user_ids), self.score_items(item_ids)  # (B, d), (B, d)
        score = (u * q).sum(dim=1) + self.item_bias[item_ids]  # (B,)

        u, q = self.rating_users(user_ids), self.rating_items(item_ids)  # (B, d), (B, d)
        features = torch.cat([u, q, u * q], dim=1)  # (B, 3d)
        rating = self.mlp(features).squeeze(1)  # (B, 1) -> (B,)
        return score, rating if self.training else rating.clamp(0.5, 5.0)
