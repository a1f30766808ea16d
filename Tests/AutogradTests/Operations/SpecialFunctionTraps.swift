import Autograd

let specialFunctionTraps: [Trap] = [
    Trap("logGamma: not defined for tensors of int32; cast(to:) first") {
        _ = logGamma(Tensor([1] as [Int32]))
    },
    Trap("polygamma: order -1 is not in 0...150") { _ = polygamma(-1, zeros(2)) },
    Trap("polygamma: order 151 is not in 0...150") { _ = polygamma(151, zeros(2)) },
    Trap("logBesselI: the order -0.5 is negative or not finite") {
        _ = logBesselI(zeros(2), order: -0.5)
    },
    Trap("logBesselI: the order nan is negative or not finite") {
        _ = logBesselI(zeros(2), order: .nan)
    },
    Trap(
        "regularizedGamma: data types differ: float32 of shape [2] and float64 of shape [1]"
    ) { _ = regularizedGamma(zeros(2), Tensor([1.0])) },
    Trap("regularizedGamma: shapes do not broadcast") { _ = regularizedGamma(zeros(2), zeros(3)) },
    Trap("regularizedBeta: no derivative with respect to a and b, of shapes [2] and [2]") {
        _ = gradient(at: zeros(2)) { regularizedBeta($0, $0, zeros(2)).sum() }
    },
    Trap("betaQuantile: no derivative with respect to a and b, of shapes [] and [2]") {
        _ = gradient(at: zeros(2)) { betaQuantile(Tensor(1), $0, probability: zeros(2)).sum() }
    },
    Trap("gammaSampleDerivative: no derivative of order two or more with respect to a shape [2]") {
        let a = Tensor([1.5, 2])
        _ = gradient(at: a) { a in
            gradient(at: a) { gammaSampleDerivative(shape: $0, sample: $0).sum() }.sum()
        }
    },
]
