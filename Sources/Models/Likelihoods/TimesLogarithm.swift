import Autograd

// Products with logarithms for entropies, with 0 log 0 = 0: impossible outcomes that do not occur
// add nothing to value or gradient.

extension Tensor {
    /// x log y.
    func timesLogarithm(of y: Tensor) -> Tensor {
        let isExcluded = (stopGradient(self) .== 0) .& (stopGradient(y) .== 0)
        return self * log(select(isExcluded, Tensor(1, dataType: y.dataType), y))
    }

    /// x log(1 − y), accurate for small y.
    func timesLogarithm(ofOneMinus y: Tensor) -> Tensor {
        let isExcluded = (stopGradient(self) .== 0) .& (stopGradient(y) .== 1)
        return self * log1p(-select(isExcluded, Tensor(0, dataType: y.dataType), y))
    }
}
