import Autograd

/// The divergence of contents, without that of poses: with a weight that falls to 0, contents cost more at
/// first, so that a model says by class and pose what it can say by them.
struct ContentDivergence<Output: HasLatentVariables>: ObjectiveTerm {
    private let layout: PoseLayout

    /// - Parameter layout: of the codes, the last latent variable.
    init(after layout: PoseLayout) { self.layout = layout }

    var name: String { "contentDivergence" }

    func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let latent = pass.latentVariables[pass.latentVariables.count - 1]
        return pass.output.unitDivergence(of: latent, samples: pass.batch.count)[
            .all, layout.count...
        ].sum(axes: [1])
    }
}
