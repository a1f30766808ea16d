import Autograd
import Foundation

/// How much less classes say of the samples of a batch than they could: log K − I(x; y) with the mutual
/// information I of samples and classes, the entropy of the classes of all samples together less the mean
/// entropy of those of each (as what is maximised by Krause, Perona and Gomes, "Discriminative Clustering by
/// Regularized Information Maximization", 2010). A statistic of the batch: the same value for each sample.
///
/// A divergence of classes that were not told has it with the other sign, so that at first, when classes
/// mean nothing yet, all samples soon are of one.
public struct ClassInformation<Output: HasLogits>: ObjectiveTerm {
    public init() {}

    public var name: String { "untoldByClasses" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let logits = logSoftmax(pass.logits)
        let count = pass.batch.count
        let together = logits.logSumExp(axes: [0]) - log(Double(count))
        let entropy = -(exp(together) * together).sum()
        let own = -(exp(logits) * logits).sum(axes: [1]).mean()
        return (log(Double(logits.shape[1])) - (entropy - own)).broadcast(to: [count])
    }
}
