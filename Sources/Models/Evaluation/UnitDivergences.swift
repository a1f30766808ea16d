import Autograd
import Datasets

extension Trainable {
    /// The mean divergence of each number of the codes of samples from its prior, in nats, layer after
    /// layer; of a code as a whole where posterior and prior are not independent in its numbers. Empty
    /// for a model without latent variables.
    package func unitDivergences(
        on samples: any DataSource, seed: UInt64 = 0, monitor: ProgressMonitor<some Error> = .silent
    ) throws -> [Double] {
        let means = try means(
            over: samples, batchSize: 128, as: dataType,
            in: .evaluation(RandomGenerator(seed: seed)), monitor: monitor
        ) { batch, context in
            guard let output = pass(batch, in: &context).output as? any HasLatentVariables else {
                return []
            }
            let units = output.latentVariables.flatMap {
                output.meanUnitDivergence(of: $0, samples: batch.count)
                    .cast(to: .float64).elements(as: Double.self)
            }
            return units.enumerated().map { ("\($0)", $1) }
        }
        return (0..<means.count).compactMap { means["\($0)"] }
    }
}
