import Autograd

// Products with logarithms, of which entropies consist, with 0 log 0 = 0: what cannot be and is not
// adds nothing to value or slopes.

extension Tensor {
    /// x log y.
    func timesLogarithm(of y: Tensor) -> Tensor {
        let isExcluded = (stopGradient(self) .== 0) .& (stopGradient(y) .== 0)
        return self * log(select(isExcluded, Tensor(1, dataType: y.dataType), y))
    }

    /// x log(1 − y), accurate where y is small.
    func timesLogarithm(ofOneMinus y: Tensor) -> Tensor {
        let isExcluded = (stopGradient(self) .== 0) .& (stopGradient(y) .== 1)
        return self * log1p(-select(isExcluded, Tensor(0, dataType: y.dataType), y))
    }
}
