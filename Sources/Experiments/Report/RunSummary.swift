import Autograd
import Foundation
import Models

/// The results of a training run: the output of `tapestry train --json`, and `summary.json` in the
/// run's folder.
public struct RunSummary: Codable, Sendable {
    /// The run's folder; nil in the file, which is in that folder.
    public internal(set) var run: String?
    public internal(set) var recipe: String
    public internal(set) var data: String
    public internal(set) var trainingSamples: Int
    public internal(set) var testSamples: Int
    public internal(set) var parameters: Int
    /// The epochs of the whole model; those of layerwise pretraining are in `layers`.
    public internal(set) var epochs: Int
    public internal(set) var steps: Int
    /// The layers of layerwise pretraining, the lowest first; nil if there are none.
    public internal(set) var layers: [TrainedLayer]?
    /// The time of all steps, including layerwise pretraining, over all sessions, without
    /// evaluation and pictures.
    public internal(set) var seconds: Double
    public internal(set) var samplesPerSecond: Double
    /// The epoch whose model was kept, if early stopping chose another than the last.
    public internal(set) var keptEpoch: Int?
    /// The means over the training samples in the last epoch, or in the one whose model was kept.
    public internal(set) var training: [String: Double]
    /// The means over the test samples, with the parameters that were kept.
    public internal(set) var test: [String: Double]
    /// The recipe's diagnostics of the model; nil if there are none.
    public internal(set) var diagnostics: [String: Double]?
    public internal(set) var threads: Int
    /// The instruction set of the kernels.
    public internal(set) var kernels: String
    public internal(set) var system: String
    public internal(set) var version: String

    init(
        _ experiment: Experiment, history: [EpochRecord], kept: EpochRecord,
        layers: [TrainedLayer], model: any Module
    ) {
        recipe = experiment.configuration.recipe
        data = experiment.dataset.name
        trainingSamples = experiment.dataset.training.count
        testSamples = experiment.dataset.test.count
        parameters = model.parameterCount
        epochs = history.last?.epoch ?? kept.epoch
        steps = history.last?.step ?? kept.step
        keptEpoch = kept.epoch == epochs ? nil : kept.epoch
        self.layers = layers.isEmpty ? nil : layers
        seconds = history.map(\.seconds).reduce(0, +) + layers.map(\.seconds).reduce(0, +)
        let allEpochs = layers.reduce(epochs) { $0 + $1.epochs }
        samplesPerSecond = Double(allEpochs * trainingSamples) / max(seconds, 1e-9)
        training = kept.training
        test = kept.heldOut
        let diagnostics = experiment.recipe.diagnostics(
            of: model, on: experiment.dataset.training)
        self.diagnostics = diagnostics.isEmpty ? nil : diagnostics
        threads = Threads.count
        kernels = instructionSetInUse
        system = ProcessInfo.processInfo.operatingSystemVersionString
        version = Program.version
    }
}
