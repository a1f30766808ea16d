import Autograd

/// A recipe of a variational autoencoder whose codes tell how a thing lies from what it is.
public protocol PoseRecipe: NetworkRecipe {
    var pose: PoseOptions { get }
}

extension PoseRecipe {
    /// What the data would have to be to have poses; nil if they are images.
    func requirementOfPoses(of data: DataDescription) -> String? {
        ImageShape(data.sampleShape) == nil ? "images" : nil
    }

    /// An objective in which at first contents cost more and poses nothing, and codes of turned images are
    /// turned.
    func withPoses<Output: HasLatentVariables & HasEncoder>(
        _ objective: Objective<Output>
    ) -> Objective<Output> {
        let delay = pose.contentDelay
        var objective = objective
        if delay > 0 {
            let (layout, atFirst) = (pose.layout, Annealing { max(0, 1 - $0 / delay) })
            let contents: Objective<Output> = 9 * PartDivergence(of: .content, layout)
            objective = objective + atFirst * contents
            if layout.count > 0 {
                let poses: Objective<Output> = -1 * PartDivergence(of: .pose, layout)
                objective = objective + atFirst * poses
            }
        }
        if pose.weightOfTurnedCodes > 0 {
            objective = objective + pose.weightOfTurnedCodes * TurnedCodes(pose.layout)
        }
        return objective
    }
}
