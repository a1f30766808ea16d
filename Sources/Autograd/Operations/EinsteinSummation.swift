import Foundation

/// The sum of products that an equation names, as NumPy's `einsum`: each letter is an axis; letters
/// that stand on the right of the arrow remain, in that order, and all others are summed over.
///
/// ```swift
/// einsum("bij,bjk->bik", a, b)            // products of matrices
/// einsum("i,j->ij", x, y)                 // the outer product
/// einsum("bhqd,bhkd->bhqk", queries, keys)
/// einsum("ij->", a)                       // the sum
/// ```
///
/// Computed by products of two factors at a time, of matrices where there are any, in the order in
/// which the results are smallest. Traps if the equation does not fit the factors: a letter names axes of different
/// sizes, stands twice in one factor, or stands on the right alone.
///
/// - Parameters:
///   - equation: the letters of each factor's axes, with commas between factors, then `->` and
///     those of the result.
///   - factors: of one floating-point type.
public func einsum(_ equation: String, _ factors: Tensor...) -> Tensor {
    let sides = equation.filter { $0 != " " }.components(separatedBy: "->")
    let inputs = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    guard sides.count == 2 else { trap("einsum", "no arrow \"->\" in \"\(equation)\"") }
    let output = Array(sides[1])
    guard inputs.count == factors.count else {
        trap("einsum", "\"\(equation)\" names \(inputs.count) factors of \(factors.count)")
    }
    var sizes: [Character: Int] = [:]
    for (letters, factor) in zip(inputs, factors) {
        factor.checkFloatingPoint("einsum")
        guard letters.allSatisfy(\.isLetter), letters.count == factor.rank else {
            trap(
                "einsum",
                "\"\(String(letters))\" of \"\(equation)\" for a factor of shape \(factor.shape)")
        }
        guard Set(letters).count == letters.count else {
            trap("einsum", "an axis stands twice in \"\(String(letters))\" of \"\(equation)\"")
        }
        for (letter, size) in zip(letters, factor.shape) {
            guard sizes[letter, default: size] == size else {
                trap(
                    "einsum",
                    "axis \"\(letter)\" of \"\(equation)\" has sizes \(sizes[letter] ?? 0) and "
                        + "\(size)")
            }
            sizes[letter] = size
        }
    }
    guard Set(output).count == output.count, output.allSatisfy({ sizes[$0] != nil }) else {
        trap("einsum", "the result \"\(String(output))\" of \"\(equation)\" is of no factors' axes")
    }
    var terms = zip(inputs, factors).map { LabelledTensor($0, $1) }
    while terms.count > 1 {
        var best = (left: 0, right: 1, size: Int.max)
        for left in terms.indices {
            for right in terms.indices.dropFirst(left + 1) {
                let kept = keptAxes(of: terms, left, right, output)
                let size = kept.reduce(1) { $0 * (sizes[$1] ?? 1) }
                if size < best.size { best = (left, right, size) }
            }
        }
        let kept = keptAxes(of: terms, best.left, best.right, output)
        let right = terms.remove(at: best.right)
        terms[best.left] = terms[best.left].contracted(with: right, keeping: kept)
    }
    return terms[0].summed(to: output)
}

/// The axes of two of some terms that others, or the result, need.
private func keptAxes(
    of terms: [LabelledTensor], _ left: Int, _ right: Int, _ output: [Character]
) -> Set<Character> {
    var needed = Set(output)
    for (index, term) in terms.enumerated() where index != left && index != right {
        needed.formUnion(term.axes)
    }
    return needed.intersection(terms[left].axes + terms[right].axes)
}

/// A tensor whose axes have letters.
private struct LabelledTensor {
    let axes: [Character]
    let tensor: Tensor

    init(_ axes: [Character], _ tensor: Tensor) { (self.axes, self.tensor) = (axes, tensor) }

    /// With the axes of a result, in its order; all others are summed over.
    func summed(to output: [Character]) -> Tensor {
        let rest = without { !output.contains($0) }
        let order = output.map { rest.axes.firstIndex(of: $0) ?? 0 }
        return order == Array(order.indices) ? rest.tensor : rest.tensor.transposed(order)
    }

    private func without(_ isSummed: (Character) -> Bool) -> LabelledTensor {
        let summed = axes.indices.filter { isSummed(axes[$0]) }
        guard !summed.isEmpty else { return self }
        return LabelledTensor(axes.filter { !isSummed($0) }, tensor.sum(axes: summed))
    }

    /// The sum of products over all axes of the two that are not kept: as one matrix product for
    /// each place along the axes that both have and that are kept, or element by element where
    /// matrices would be single rows or columns.
    func contracted(
        with other: LabelledTensor, keeping kept: Set<Character>
    ) -> LabelledTensor {
        let left = without { !kept.contains($0) && !other.axes.contains($0) }
        let right = other.without { !kept.contains($0) && !axes.contains($0) }
        let common = left.axes.filter { right.axes.contains($0) }
        let batch = common.filter { kept.contains($0) }
        let inner = common.filter { !kept.contains($0) }
        let rows = left.axes.filter { !common.contains($0) }
        let columns = right.axes.filter { !common.contains($0) }
        if inner.isEmpty || rows.isEmpty && columns.isEmpty {
            let all = left.axes + columns
            return LabelledTensor(all, left.spread(over: all) * right.spread(over: all))
                .without { inner.contains($0) }
        }
        // What stands last stays last: rows are copied, if anything is.
        let transposesLeft = left.axes.last.map(rows.contains) ?? false
        let transposesRight = right.axes.last.map(inner.contains) ?? false
        let product = matmul(
            transposesLeft
                ? left.matrices(batch, inner, rows) : left.matrices(batch, rows, inner),
            transposesRight
                ? right.matrices(batch, columns, inner) : right.matrices(batch, inner, columns),
            transposingLeft: transposesLeft, transposingRight: transposesRight)
        let shape = (batch + rows).map(left.size) + columns.map(right.size)
        return LabelledTensor(batch + rows + columns, product.reshaped(shape))
    }

    private func size(of axis: Character) -> Int {
        axes.firstIndex(of: axis).map { tensor.shape[$0] } ?? 1
    }

    /// With all these axes, of size 1 where there are none of the name.
    private func spread(over all: [Character]) -> Tensor {
        summed(to: all.filter(axes.contains)).reshaped(all.map(size))
    }

    /// `[batch, rows, columns]` of the axes that these are.
    private func matrices(
        _ batch: [Character], _ rows: [Character], _ columns: [Character]
    ) -> Tensor {
        let shape = [batch, rows, columns].map { $0.reduce(1) { $0 * size(of: $1) } }
        return summed(to: batch + rows + columns).reshaped(shape)
    }
}
