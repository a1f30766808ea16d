import Autograd

extension Workload {
    /// A restricted Boltzmann machine, trained by one step of contrastive divergence (Hinton,
    /// "Training Products of Experts by Minimizing Contrastive Divergence", 2002).
    static let boltzmannMachine = Workload(
        name: "rbm_cd1", group: .training, operations: 5 * denseOperations(128, 784, 500)
    ) {
        let v0 = Numbers.binary("rbm_cd1/v0", [128, 784], probability: 0.3)
        let start = BoltzmannMachine()
        return Training(
            numbers: "rbm_cd1", from: start, changed: start.parameters.reduce(0) { $0 + $1.count },
            batch: v0.count, finalResults: { $0.parameters }
        ) { state, noise in
            let hidden = noise.uniform("uh", [128, 500])
            let visible = noise.uniform("uv", [128, 784])
            return [state.step(v0, hidden, visible, learningRate: 0.05)]
        }
    }
}

private struct BoltzmannMachine {
    /// `[visible, hidden]`.
    var weights = Numbers.symmetric("rbm_cd1/W", [784, 500], bound: 0.05)
    var visibleBias = Tensor.zeros([784])
    var hiddenBias = Tensor.zeros([500])

    var parameters: [Tensor] { [weights, visibleBias, hiddenBias] }

    /// Returns how well the visible units are reconstructed.
    mutating func step(
        _ v0: Tensor, _ hiddenNoise: Tensor, _ visibleNoise: Tensor, learningRate: Double
    ) -> Tensor {
        let h0 = hiddenProbabilities(v0)
        let v1Mean = visibleProbabilities((hiddenNoise .< h0).cast(to: .float32))
        let v1 = (visibleNoise .< v1Mean).cast(to: .float32)
        let h1 = hiddenProbabilities(v1)

        let rate = learningRate / Double(v0.shape[0])
        weights += rate * matmul(v0, h0, transposingLeft: true)
        weights -= rate * matmul(v1, h1, transposingLeft: true)
        visibleBias += learningRate * (v0 - v1).mean(axes: [0])
        hiddenBias += learningRate * (h0 - h1).mean(axes: [0])
        for parameter in parameters { parameter.finish() }
        return square(v0 - v1Mean).mean()
    }

    private func hiddenProbabilities(_ visible: Tensor) -> Tensor {
        sigmoid(matmul(visible, weights) + hiddenBias)
    }

    private func visibleProbabilities(_ hidden: Tensor) -> Tensor {
        sigmoid(matmul(hidden, weights, transposingRight: true) + visibleBias)
    }
}
