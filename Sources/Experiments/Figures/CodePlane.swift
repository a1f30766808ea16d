import Autograd
import Datasets
import Foundation
import Models

/// The plane in which codes are drawn: that of two components as they are; the two principal components of
/// more than two; one component against the label, or else the index, of the sample.
struct CodePlane {
    /// Of both axes.
    let titles: [String]
    /// From flat codes to `[n, 2]`.
    private let project: (Tensor) -> Tensor

    init(of codes: Tensor, _ examples: Examples) {
        let flat = codes.flattened().cast(to: .float64)
        let (count, size) = (flat.shape[0], flat.shape[1])
        switch size {
        case 0, 1:
            let heights =
                examples.labels?.cast(to: .float64) ?? Tensor.range(count, dataType: .float64)
            let column = heights.expandingAxis(1)
            project = {
                concatenated([size == 1 ? $0 : Tensor.zeros(like: column), column], axis: 1)
            }
            titles = ["code", examples.labels == nil ? "sample" : "label"]
        case 2:
            project = { $0 }
            titles = ["code, component 1", "code, component 2"]
        default:
            let components = PrincipalComponents(of: flat, count: 2)
            project = { components.encode($0) }
            titles = components.shares.enumerated().map { index, share in
                "principal component \(index + 1)"
                    + (share.isFinite ? String(format: " (%.0f %% of variance)", 100 * share) : "")
            }
        }
    }

    /// Where codes of the same samples lie, `[n, 2]`.
    func points(of codes: Tensor) -> Tensor { project(codes.flattened().cast(to: .float64)) }
}
