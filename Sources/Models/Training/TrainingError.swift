import Autograd
import Datasets

/// Why training cannot start or continue.
public enum TrainingError: Error, Hashable, Sendable {
    /// There is nothing to train on or to evaluate.
    case noSamples
    /// A sample has an element that is infinite or not a number.
    case sampleNotFinite(index: Int)
    /// The loss is infinite or not a number, first in `operation`.
    case lossNotFinite(epoch: Int, batch: Int, operation: NonFiniteOperation?)
    /// The gradient of a parameter is not finite, first in `operation`, or else its norm overflows.
    case gradientNotFinite(
        epoch: Int, batch: Int, parameter: String, operation: NonFiniteOperation?)
    /// A parameter is not finite.
    case parameterNotFinite(epoch: Int, batch: Int, parameter: String)
    /// One of several adversaries could not take its step, for this reason.
    indirect case turnFailed(of: String, TrainingError)
    /// The loss of a single sample is infinite or not a number, although other samples have finite
    /// ones; usually caused by its largest element.
    case sampleWithoutLoss(epoch: Int, SampleElement)
    /// Early stopping uses a metric that is not computed; `known` is empty without held-out data.
    case unknownMetric(name: String, known: [String])
    /// A run was to be resumed with other samples or another batch size.
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
        case .turnFailed(let player, let reason): "in the turn of the \(player), \(reason)"
        case .sampleWithoutLoss(let epoch, let element):
            "epoch \(epoch): the loss of sample \(element.sample) of the training data is not "
                + "finite, as its element \(element.element) is \(element.value): leave it out, "
                + "or scale large values"
        case .unknownMetric(let name, let known) where known.isEmpty:
            "early stopping watches \(name) on held-out samples, but there are none"
        case .unknownMetric(let name, let known):
            "early stopping watches \(name), which is not computed: expected one of "
                + known.joined(separator: ", ")
        case .otherData(let samples, let batchSize, let expectedSamples, let expectedBatchSize):
            "the run was started with \(expectedSamples) samples in batches of "
                + "\(expectedBatchSize), and cannot continue with \(samples) in batches of "
                + "\(batchSize)"
        }
    }

    /// Whether the numbers of a model grew beyond all bounds, as with a learning rate that is too
    /// great.
    package var isDivergence: Bool {
        switch self {
        case .lossNotFinite, .gradientNotFinite, .parameterNotFinite: true
        case .turnFailed(_, let reason): reason.isDivergence
        case .noSamples, .sampleNotFinite, .sampleWithoutLoss, .unknownMetric, .otherData: false
        }
    }

    /// The usual remedy.
    private static let remedy =
        ": try a smaller learning rate, or scale data that are far from 1"

    private static func origin(_ operation: NonFiniteOperation?) -> String {
        operation.map { "; the first value that was not finite is that of \($0)" } ?? ""
    }
}
