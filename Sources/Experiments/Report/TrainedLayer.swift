import Autograd
import FileSupport
import Models

/// The results of training one layer in layerwise pretraining.
public struct TrainedLayer: Codable, Equatable, Sendable {
    public internal(set) var epochs: Int
    /// The time of its training steps.
    public internal(set) var seconds: Double
}

extension TrainingRun {
    /// The layers of layerwise pretraining, the lowest first; empty if there are none.
    func layers() throws(FileError) -> [TrainedLayer] {
        var layers: [TrainedLayer] = []
        while let part = existingPart(RunFile.layer(layers.count + 1)) {
            let history = try part.history()
            layers.append(
                TrainedLayer(
                    epochs: history.last?.epoch ?? 0,
                    seconds: history.reduce(0) { $0 + $1.seconds }))
        }
        return layers
    }
}

extension [TrainedLayer] {
    /// How long a run was trained, such as "20 epochs of each of 3 layers, then 5 epochs of the
    /// whole model"; without layers just "5 epochs".
    ///
    /// - Parameters:
    ///   - epochs: the finished epochs of the whole model.
    ///   - plan: the planned number of epochs, if it is to be shown.
    func description(epochs: Int, of plan: Int? = nil) -> String {
        func words(_ count: Int) -> String { count == 1 ? "one epoch" : "\(count) epochs" }
        let whole =
            plan.map { "\(epochs) of \($0) \($0 == 1 ? "epoch" : "epochs")" } ?? words(epochs)
        guard let first else { return whole }
        let alone =
            count == 1
            ? "\(words(first.epochs)) of one layer"
            : allSatisfy { $0.epochs == first.epochs }
                ? "\(words(first.epochs)) of each of \(count) layers"
                : map { "\($0.epochs)" }.joined(separator: ", ") + " epochs of \(count) layers"
        return (plan ?? epochs) == 0 ? alone : "\(alone), then \(whole) of the whole model"
    }
}
