import Autograd
import Foundation
import TestSupport

/// Elementwise functions of one variable.
let functionCases: [OperationCase] = [
    .unary("exp(Tensor)", .any, { exp($0) }, { Foundation.exp($0) }),
    .unary("expm1(Tensor)", .any, { expm1($0) }, { Foundation.expm1($0) }),
    .unary("log(Tensor)", .positive, { log($0) }, { Foundation.log($0) }),
    .unary("log1p(Tensor)", .positive, { log1p($0) }, { Foundation.log1p($0) }),
    .unary("sqrt(Tensor)", .positive, { sqrt($0) }, { $0.squareRoot() }),
    .unary("rsqrt(Tensor)", .positive, { rsqrt($0) }, { 1 / $0.squareRoot() }),
    .unary("sin(Tensor)", .any, saturates: true, { sin($0) }, { Foundation.sin($0) }),
    .unary("cos(Tensor)", .any, saturates: true, { cos($0) }, { Foundation.cos($0) }),
    .unary("tanh(Tensor)", .any, saturates: true, { tanh($0) }, { Foundation.tanh($0) }),
    .unary("sigmoid(Tensor)", .any, saturates: true, { sigmoid($0) }, { logistic($0) }),
    .unary(
        "softplus(Tensor)", .any, saturates: true,
        { softplus($0) }, { Foundation.log1p(Foundation.exp($0)) }),
    .unary("erf(Tensor)", .any, saturates: true, { erf($0) }, { Foundation.erf($0) }),
    .unary("abs(Tensor)", .avoiding(0), saturates: true, { abs($0) }, { Swift.abs($0) }),
    .unary("relu(Tensor)", .avoiding(0), saturates: true, { relu($0) }, { max($0, 0) }),
    .unary(
        "cast(to:)", .any, saturates: true,
        { sin($0.cast(to: .float64)).cast(to: $0.dataType) }, { Foundation.sin($0) }),
]

/// Activation functions composed of these.
let activationCases: [OperationCase] = [
    .unary(
        "logSigmoid(Tensor)", .any, saturates: true,
        { logSigmoid($0) }, { Foundation.log(logistic($0)) }),
    .unary(
        "leakyRelu(Tensor, slope:)", .avoiding(0), saturates: true,
        { leakyRelu($0, slope: 0.2) }, { $0 > 0 ? $0 : 0.2 * $0 }),
    .unary(
        "elu(Tensor, alpha:)", .avoiding(0), saturates: true,
        { elu($0, alpha: 1.3) }, { $0 > 0 ? $0 : 1.3 * (Foundation.exp($0) - 1) }),
    .unary(
        "selu(Tensor)", .avoiding(0), saturates: true,
        { selu($0) },
        { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * (Foundation.exp($0) - 1)) }),
    .unary(
        "gelu(Tensor)", .any, saturates: true,
        { gelu($0) }, { $0 * (1 + Foundation.erf($0 / 2.0.squareRoot())) / 2 }),
    .unary("silu(Tensor)", .any, saturates: true, { silu($0) }, { $0 * logistic($0) }),
]

private func logistic(_ x: Double) -> Double { 1 / (1 + Foundation.exp(-x)) }
