import Autograd

/// The numbers by which the rows of a table can be compared without a model: their numbers and
/// one-hot categories, with the means of other rows in place of missing cells. Columns with an
/// embedding have none.
public struct PlainNumbers: Sendable {
    private let layout: TableLayout
    private let places: Tensor
    private let means: Tensor

    /// - Parameters:
    ///   - layout: of the table, not only of columns with an embedding.
    ///   - samples: the other rows, `[count, elements]`.
    public init(_ layout: TableLayout, of samples: Tensor) {
        guard !layout.plainElements.isEmpty, samples.shape.dropFirst() == [layout.elements] else {
            programmerError(
                "PlainNumbers",
                "samples of shape \(samples.shape) for \(layout.plainElements.count) of "
                    + "\(layout.elements) elements")
        }
        self.layout = layout
        places = Tensor(layout.plainElements.map(Int32.init))
        let present = layout.presence(of: samples).sum(axes: [0], keepingAxes: true)
        let counts = layout.spread(present)
        means = samples.sum(axes: [0]) / maximum(counts, Tensor.ones(like: counts))
    }

    /// The numbers of rows, `[count, …]`.
    public func callAsFunction(_ samples: Tensor) -> Tensor {
        layout.filling(samples, from: means.broadcast(to: samples.shape))
            .gathered(at: places, axis: 1)
    }
}
