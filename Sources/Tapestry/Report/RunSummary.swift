import Autograd
import Foundation
import Models

/// What a training run came to: the answer of `tapestry train --json`, and `summary.json` in
/// the run's folder.
struct RunSummary: Codable {
    /// The run's folder; in the file, which lies in it, nil.
    var run: String?
    var recipe: String
    var data: String
    var trainingSamples: Int
    var testSamples: Int
    var parameters: Int
    /// Of the whole; those of layers that were trained one by one before stand with these.
    var epochs: Int
    var steps: Int
    /// The layers that were trained one by one, the lowest first; nil where none were.
    var layers: [TrainedLayer]?
    /// The time of all steps, those of the layers too, over all sessions, without evaluation and
    /// pictures.
    var seconds: Double
    var samplesPerSecond: Double
    /// The means of the last epoch.
    var training: [String: Double]
    /// The means over the test samples, with the final parameters.
    var test: [String: Double]
    /// What the recipe measures besides; nil where that is nothing.
    var measures: [String: Double]?
    var threads: Int
    /// The instruction set of the kernels.
    var kernels: String
    var system: String
    var version: String

    init(
        _ experiment: Experiment, history: [EpochRecord], last: EpochRecord,
        layers: [TrainedLayer], model: any Module
    ) {
        recipe = experiment.configuration.recipe
        data = experiment.dataset.name
        trainingSamples = experiment.dataset.training.count
        testSamples = experiment.dataset.test.count
        parameters = model.parameterCount
        epochs = last.epoch
        steps = last.step
        self.layers = layers.isEmpty ? nil : layers
        seconds = history.map(\.seconds).reduce(0, +) + layers.map(\.seconds).reduce(0, +)
        let allEpochs = layers.reduce(last.epoch) { $0 + $1.epochs }
        samplesPerSecond = Double(allEpochs * trainingSamples) / max(seconds, 1e-9)
        training = last.training
        test = last.heldOut
        let measures = experiment.recipe.measures(
            of: model, on: experiment.dataset.training)
        self.measures = measures.isEmpty ? nil : measures
        threads = Threads.count
        kernels = instructionSetInUse
        system = ProcessInfo.processInfo.operatingSystemVersionString
        version = Program.version
    }
}
