import Autograd
import Datasets

/// Why training cannot begin or go on.
public enum TrainingError: Error, Hashable, Sendable {
    /// There is nothing to train on or to evaluate.
    case noSamples
    /// A sample holds an infinite element or one that is not a number.
    case sampleNotFinite(index: Int)
    /// The loss is infinite or not a number, first in `operation`.
    case lossNotFinite(epoch: Int, batch: Int, operation: NonFiniteOperation?)
    /// The gradient of a parameter is, first in `operation`, or else in its overflowing norm.
    case gradientNotFinite(
        epoch: Int, batch: Int, parameter: String, operation: NonFiniteOperation?)
    /// A parameter itself is.
    case parameterNotFinite(epoch: Int, batch: Int, parameter: String)
    /// A sample alone has a loss that is infinite or not a number, though others have none such:
    /// mostly for its greatest element.
    case sampleWithoutLoss(epoch: Int, SampleElement)
    /// Early stopping watches a metric that is not computed; none is where nothing is held out.
    case unknownMetric(name: String, known: [String])
    /// A run was to be resumed with other samples, or other batches of them.
    case otherData(
        samples: Int, batchSize: Int, expectedSamples: Int, expectedBatchSize: Int)
}

extension TrainingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noSamples: "there are no samples"
        case .sampleNotFinite(let index):
            "sample \(index) of the data has an element that is infinite or not a number"
        case .lossNotFinite(let epoch, let batch, let operation):
            "epoch \(epoch), batch \(batch): the loss is not finite" + Self.origin(operation)
                + Self.remedy
        case .gradientNotFinite(let epoch, let batch, let parameter, let operation):
            "epoch \(epoch), batch \(batch): the gradient of \(parameter) is not finite"
                + Self.origin(operation) + Self.remedy
        case .parameterNotFinite(let epoch, let batch, let parameter):
            "epoch \(epoch), batch \(batch): the parameter \(parameter) is not finite"
                + Self.remedy
        case .sampleWithoutLoss(let epoch, let element):
            "epoch \(epoch): sample \(element.sample) of the training data has no finite loss, where its element \(element.element) is "
                + "\(element.value): leave it out, or scale what is so large"
        case .unknownMetric(let name, let known) where known.isEmpty:
            "early stopping watches \(name) on held-out samples, and none are held out"
        case .unknownMetric(let name, let known):
            "early stopping watches \(name), which is not computed: expected one of "
                + known.joined(separator: ", ")
        case .otherData(let samples, let batchSize, let expectedSamples, let expectedBatchSize):
            "the run was begun on \(expectedSamples) samples in batches of "
                + "\(expectedBatchSize), and cannot go on with \(samples) in batches of "
                + "\(batchSize)"
        }
    }

    /// What mostly helps.
    private static let remedy =
        ": try a smaller learning rate, or scale what in the data is far from 1"

    private static func origin(_ operation: NonFiniteOperation?) -> String {
        operation.map { "; the first value that was not is that of \($0)" } ?? ""
    }
}
