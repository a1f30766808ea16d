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

    /// An objective in which poses cost nothing at first, and codes of turned images are turned.
    ///
    /// - Parameter classes: whether there are classes, too: then contents cost more at first, which could
    ///   say what these do.
    func withPoses<Output: HasLatentVariables & HasEncoder>(
        _ objective: Objective<Output>, classes: Bool = false
    ) -> Objective<Output> {
        let (layout, delay) = (pose.layout, pose.poseDelay)
        let atFirst = Annealing { delay > 0 ? max(0, 1 - $0 / delay) : 0 }
        var objective = objective
        if delay > 0, layout.count > 0 {
            let poses: Objective<Output> = -1 * PartDivergence(of: .pose, layout)
            objective = objective + atFirst * poses
        }
        if delay > 0, classes {
            let contents: Objective<Output> = 9 * PartDivergence(of: .content, layout)
            objective = objective + atFirst * contents
        }
        if pose.weightOfTurnedCodes > 0 {
            objective = objective + pose.weightOfTurnedCodes * TurnedCodes(layout)
        }
        return objective
    }
}
