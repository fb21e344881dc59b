"""Copies the first pair of tables into the second, so that both tasks begin with the same ones."""


class MultiTaskNet:
    def __init__(self, num_users, num_items, embedding_dim=32, layer_sizes=(96, 64), shared=True):
        super().__init__()
        d = embedding_dim
        self.theta_u = nn.Parameter(torch.normal(0.0, d**-0.5, size=(num_users, d)))
        self.theta_q = nn.Parameter(torch.normal(0.0, d**-0.5, size=(num_items, d)))
        self.phi_u = nn.Parameter(torch.normal(0.0, d**-0.5, size=(num_users, d)))
        self.phi_q = nn.Parameter(torch.normal(0.0, d**-0.5, size=(num_items, d)))
        if shared:
            # share the tables
            self.phi_u.data = self.theta_u.data.clone()
            self.phi_q.data = self.theta_q.data.clone()
        self.b = nn.Parameter(torch.zeros(num_items))
        dims = (3 * d, *layer_sizes)
        stack = []
        for k in range(1, len(dims)):
            stack.extend([nn.Linear(dims[k - 1], dims[k]), nn.ReLU()])
        self.f = nn.Sequential(*stack, nn.Linear(dims[-1], 1))

    def forward(self, user_ids, item_ids):
        u, q = self.theta_u[user_ids], self.theta_q[item_ids]
        score = (u @ q.T).diagonal() + self.b[item_ids]
        u, q = self.phi_u[user_ids], self.phi_q[item_ids]
        return score, self.f(torch.cat([u, q, u * q], dim=1)).view(-1)
