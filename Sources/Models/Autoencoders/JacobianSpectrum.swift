import Autograd
import Datasets
import LatentAnalysis

extension Encodes {
    /// The mean over samples of the largest singular values of the encoder's Jacobian, in
    /// descending order: how many directions of the sample the code responds to, and how strongly
    /// (Rifai et al., "Contractive Auto-Encoders", 2011, section 5.3).
    ///
    /// - Parameters:
    ///   - count: how many, at most the smaller number of components of a code and a sample.
    ///   - monitor: called after each sample; an error that it throws ends the work.
    public func jacobianSpectrum<Failure>(
        at batch: Batch, count: Int, monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> [Double] {
        let spectra = try (0..<batch.count).map { index throws(Failure) -> [Double] in
            let sample = batch[index..<index + 1]
            let size = sample.input.count
            let jacobian = jacobian(at: sample.input) { input in
                var moved = sample
                moved.input = input
                return encode(moved)
            }
            let values = singularValues(
                of: jacobian.reshaped([jacobian.count / size, size]), count: count)
            try monitor.advance(to: Double(index + 1) / Double(batch.count))
            return values
        }
        // Without samples there is no mean: the result is NaN.
        return (0..<count).map { place in
            spectra.reduce(0) { $0 + $1[place] } / Double(spectra.count)
        }
    }
}
