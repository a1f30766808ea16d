import Autograd

/// The divergence of contents alone, or that of poses.
///
/// Where contents cost more at first, a model says by class and pose what it can say by them; and where
/// poses cost nothing at first, they are there when the decoder has learned to draw anything sharp: before
/// that, an angle is worth less than it costs.
struct PartDivergence<Output: HasLatentVariables>: ObjectiveTerm {
    /// What of a code is meant.
    enum Part: String {
        case content
        case pose
    }

    private let part: Part
    private let layout: PoseLayout

    /// - Parameter layout: of the codes, the last latent variable.
    init(of part: Part, _ layout: PoseLayout) { (self.part, self.layout) = (part, layout) }

    var name: String { "\(part)Divergence" }

    func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let latent = pass.latentVariables[pass.latentVariables.count - 1]
        let units = pass.output.unitDivergence(of: latent, samples: pass.batch.count)
        let own =
            part == .pose ? units[.all, ..<layout.count] : units[.all, layout.count...]
        return own.sum(axes: [1])
    }
}
