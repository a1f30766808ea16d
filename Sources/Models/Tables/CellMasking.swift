import Autograd

/// Makes random cells of a table missing, each as a whole, so that a denoising model learns to
/// predict each cell from the others of its row.
///
/// Masking noise of a denoising autoencoder (Vincent et al., 2008), applied to cells because
/// masking elements would separate the parts of a cell; for imputation Gondara and Wang, "MIDA:
/// Multiple Imputation using Denoising Autoencoders", arXiv:1705.02737.
public struct CellMasking: Corruption {
    /// The layout of the table.
    public let layout: TableLayout
    /// The probability with which each cell is hidden.
    public let fraction: Double

    /// Traps if the fraction is not from 0 to 1.
    public init(_ layout: TableLayout, fraction: Double) {
        guard (0...1).contains(fraction) else {
            programmerError("CellMasking", "a fraction of \(fraction) is not from 0 to 1")
        }
        self.layout = layout
        self.fraction = fraction
    }

    /// Returns samples of the same shape, `[batch, …]`.
    public func callAsFunction(
        _ samples: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        let isKept = generator.bernoulli(
            [samples.shape[0], layout.columns.count], probability: 1 - fraction,
            dataType: samples.dataType)
        return (samples.flattened() * layout.spread(isKept)).reshaped(samples.shape)
    }
}
