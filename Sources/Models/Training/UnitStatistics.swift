import Autograd
import Distributions

/// How much the codes of samples differ, unit by unit: a unit is active if the variance of its posterior
/// mean over the samples is above 0.01 (Burda et al., arXiv:1509.00519, section 5.2). Beneath other
/// layers of codes it also varies with what was drawn above, so that more may count as active.
struct UnitStatistics {
    private static let leastVariance = 0.01

    private var count = 0.0
    private var sums: Tensor?
    private var squares: Tensor?

    /// Adds the codes of a pass, if its model has latent variables.
    mutating func add(_ output: some Sendable) {
        guard let output = output as? any HasLatentVariables else { return }
        var means = output.latentVariables.compactMap {
            ($0.posterior as? Independent<Normal>)?.mean
        }
        if means.count < output.latentVariables.count {
            guard let output = output as? any HasEncoder else { return }
            means = [output.encode(output.encoderInput)]
        }
        let units = concatenated(means.map { $0.flattened() }, axis: 1).cast(to: .float64)
        count += Double(units.shape[0])
        sums = (sums ?? Tensor(0, dataType: .float64)) + units.sum(axes: [0])
        squares = (squares ?? Tensor(0, dataType: .float64)) + square(units).sum(axes: [0])
    }

    /// The number of active units; nil if there are no latent variables.
    var active: Double? {
        guard let sums, let squares else { return nil }
        let variances = squares / count - square(sums / count)
        return (variances .> Self.leastVariance).cast(to: .float64).sum().scalar
    }
}

/// The name under which the number of active units is reported.
package let activeUnitsName = "activeUnits"
