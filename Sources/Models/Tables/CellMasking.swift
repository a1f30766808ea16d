import Autograd

/// Makes a random part of the cells of a table missing, whole cells at a time: what a denoising
/// model then learns is to tell each cell from the others of its row.
///
/// As in a denoising autoencoder with masking noise (Vincent et al., 2008), which for a table
/// would tear the parts of a cell from each other; for imputation Gondara and Wang, "MIDA:
/// Multiple Imputation using Denoising Autoencoders", arXiv:1705.02737.
public struct CellMasking: Corruption {
    public let layout: TableLayout
    /// The probability with which each cell is hidden.
    public let fraction: Double

    public init(_ layout: TableLayout, fraction: Double) {
        guard (0...1).contains(fraction) else {
            programmerError("CellMasking", "a fraction of \(fraction) is not from 0 to 1")
        }
        self.layout = layout
        self.fraction = fraction
    }

    /// From `[batch, …]` to the same shape.
    public func callAsFunction(
        _ samples: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        let isKept = generator.bernoulli(
            [samples.shape[0], layout.columns.count], probability: 1 - fraction,
            dataType: samples.dataType)
        return (samples.flattened() * layout.spread(isKept)).reshaped(samples.shape)
    }
}
