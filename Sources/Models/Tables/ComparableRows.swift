import Autograd
import Datasets
import Foundation

/// Rows of a table as numbers by which they can be compared without a model. A missing cell is like the
/// mean of other rows.
package struct ComparableRows: Sendable {
    /// What stands for a category.
    package enum Categories: Sendable {
        /// Its one-hot elements; columns with an embedding are left out.
        case oneHot
        /// How rare its value is among other rows, as the logarithm of its share: one number, by which
        /// values that are equally rare do not differ.
        case rarity
    }

    private let layout: TableLayout
    private let categories: Categories
    /// Of the elements of the other rows.
    private let means: Tensor
    /// For each category that is told by its rarity, its column, the rarity of each of its values, and
    /// the mean of it.
    private let rarities: [(column: Int, values: Tensor, mean: Double)]

    /// Of very many other rows so many, evenly spaced, are enough to know how they are distributed.
    package static let mostRows = 20_000

    /// Nil if there is nothing to compare. Traps if the other rows do not fit the layout.
    ///
    /// - Parameter samples: the other rows, `[count, elements]`, at least one.
    package init?(
        _ layout: TableLayout, of samples: Tensor, categories: Categories = .oneHot
    ) {
        guard samples.rank == 2, samples.shape[1] == layout.elements, samples.count > 0 else {
            programmerError(
                "ComparableRows",
                "samples of shape \(samples.shape) for rows of \(layout.elements) elements")
        }
        guard categories == .rarity || !layout.plainElements.isEmpty else { return nil }
        (self.layout, self.categories) = (layout, categories)
        let some = samples.selected(Self.mostRows)
        let present = layout.presence(of: some).sum(axes: [0], keepingAxes: true)
        let counts = layout.spread(present)
        means = some.sum(axes: [0]) / maximum(counts, Tensor.ones(like: counts))
        rarities =
            categories == .oneHot
            ? []
            : layout.columns.indices.compactMap { column in
                layout.valueCounts(of: some, column: column).map { counts in
                    let total = counts.reduce(0, +)
                    // A value that does not occur counts as half a row.
                    let values = counts.map { -log(max($0, 0.5) / max(total, 1)) }
                    let sum = zip(values, counts).reduce(0) { $0 + $1.0 * $1.1 }
                    return (column, Tensor(values).cast(to: .float32), sum / max(total, 1))
                }
            }
    }

    /// The numbers of rows `[count, elements]`, in as many columns for all. Traps if the rows do not
    /// fit the layout.
    package func callAsFunction(_ samples: Tensor) -> Tensor {
        let filled = layout.filling(samples, from: means.broadcast(to: samples.shape))
        guard categories == .rarity else {
            return filled.gathered(at: Tensor(layout.plainElements.map(Int32.init)), axis: 1)
        }
        let presence = layout.presence(of: samples)
        let numbers = filled.gathered(at: Tensor(layout.numberElements.map(Int32.init)), axis: 1)
        return concatenated(
            [numbers]
                + rarities.map { column, values, mean in
                    let isThere = presence.sliced(axis: 1, column..<column + 1)
                    let rarity = layout.lookup(values, byValueOf: column, in: samples)
                    return isThere * rarity + (1 - isThere) * mean
                }, axis: 1)
    }

    /// What is computed of the numbers of each row, for a part of the rows at a time, so that little
    /// memory is needed.
    package func inParts(_ samples: Tensor, _ body: (Tensor) -> Tensor) -> Tensor {
        concatenated(
            stride(from: 0, to: samples.shape[0], by: Self.mostRows).map { start in
                body(self(samples[start..<min(start + Self.mostRows, samples.shape[0])]))
            })
    }
}

extension TableLayout {
    /// The elements that are numbers.
    fileprivate var numberElements: [Int] {
        zip(columns, starts).compactMap { column, start in
            column.isNumber ? start : nil
        }
    }

    /// How often each value of a category occurs; nil for a column of numbers.
    fileprivate func valueCounts(of samples: Tensor, column: Int) -> [Double]? {
        let start = starts[column]
        switch columns[column] {
        case .completeNumber, .number: return nil
        case .category(let values):
            return samples.sliced(axis: 1, start..<start + values).sum(axes: [0])
                .cast(to: .float64).elements(as: Double.self)
        case .embedding(let values):
            var counts = [Double](repeating: 0, count: values)
            let numbers = samples.sliced(axis: 1, start..<start + 1).cast(to: .int32)
            for number in numbers.elements(as: Int32.self) where number > 0 {
                counts[Int(number) - 1] += 1
            }
            return counts
        }
    }

    /// For each row the number that belongs to its value of a category, `[count, 1]`; any number if the
    /// cell is missing.
    fileprivate func lookup(
        _ numbers: Tensor, byValueOf column: Int, in samples: Tensor
    ) -> Tensor {
        let (start, numbers) = (starts[column], numbers.cast(to: samples.dataType))
        let cells = samples.sliced(axis: 1, start..<start + columns[column].elements)
        guard columns[column].isEmbedding else { return matmul(cells, numbers.expandingAxis(1)) }
        let places = maximum(cells - 1, Tensor.zeros(like: cells)).cast(to: .int32)
        return numbers.gathered(at: places)
    }
}

extension Tensor {
    /// At most so many rows, evenly spaced.
    package func selected(_ most: Int) -> Tensor {
        shape[0] > most
            ? gathered(at: Tensor(spread(most, over: shape[0]).map { Int32($0) })) : self
    }
}
