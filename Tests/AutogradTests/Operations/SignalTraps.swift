import Autograd

/// Sequences, volumes, samples of images and sets of points.
let signalTraps: [Trap] = [
    Trap(
        "convolution1D: expected x and a filter of 3 axes, the filter not empty: [1, 2, "
            + "3, 4] and [1, 2, 3]"
    ) {
        _ = convolution1D(zeros(1, 2, 3, 4), zeros(1, 2, 3))
    },
    Trap(
        "convolution1D: a filter [4, 1, 3] in 2 groups takes 2 channels to outputs in "
            + "equal parts, not x of shape [1, 3, 5]"
    ) {
        _ = convolution1D(zeros(1, 3, 5), zeros(4, 1, 3), groups: 2)
    },
    Trap(
        "convolution1D: a filter [4, 3, 3] with dilation [2] spans more than x of shape "
            + "[1, 3, 2] with padding [1]"
    ) {
        _ = convolution1D(zeros(1, 3, 2), zeros(4, 3, 3), padding: 1, dilation: 2)
    },
    Trap("convolution1D: stride [0] and dilation [1] must be positive, padding [0] not negative") {
        _ = convolution1D(zeros(1, 3, 5), zeros(4, 3, 3), stride: 0)
    },
    Trap("convolution1D: 0 groups: there must be one or more") {
        _ = convolution1D(zeros(1, 3, 5), zeros(4, 3, 3), groups: 0)
    },
    Trap("convolution1D: not defined for float32 and a filter of float64") {
        _ = convolution1D(zeros(1, 3, 5), zeros(4, 3, 3).cast(to: .float64))
    },
    Trap("causalConvolution1D: the sequence is empty: x of shape [1, 3, 0]") {
        _ = causalConvolution1D(zeros(1, 3, 0), zeros(4, 3, 3))
    },
    Trap("transposedConvolution1D: output padding [2] is not less than stride [2]") {
        _ = transposedConvolution1D(zeros(1, 3, 5), zeros(3, 3, 3), stride: 2, outputPadding: 2)
    },
    Trap(
        "transposedConvolution1D: the result would have the sizes [-1]: x of shape [1, "
            + "3, 1], filter [3, 3, 1], stride [1], padding [1]"
    ) {
        _ = transposedConvolution1D(zeros(1, 3, 1), zeros(3, 3, 1), padding: 1)
    },
    Trap(
        "convolution3D: a filter [4, 3, 1, 3, 1] with dilation [1, 1, 1] spans more "
            + "than x of shape [1, 3, 2, 2, 2] with padding [0, 0, 0]"
    ) {
        _ = convolution3D(zeros(1, 3, 2, 2, 2), zeros(4, 3, 1, 3, 1))
    },
    Trap(
        "transposedConvolution3D: a filter [2, 3, 1, 1, 1] in 1 groups takes 2 channels "
            + "in equal parts, not x of shape [1, 3, 2, 2, 2]"
    ) {
        _ = transposedConvolution3D(zeros(1, 3, 2, 2, 2), zeros(2, 3, 1, 1, 1))
    },
    Trap(
        "convolution3D: sizes beyond 2²⁹: x of shape [1, 1, 1, 1, 1], filter [1, 1, 1, "
            + "1, 1], stride [1, 1, 1], padding [0, 0, 4611686018427387904], dilation [1, 1, "
            + "1]"
    ) {
        _ = convolution3D(
            zeros(1, 1, 1, 1, 1), zeros(1, 1, 1, 1, 1),
            padding: Size3D(depth: 0, height: 0, width: 1 << 62))
    },
    Trap("maxPooling1D: expected three axes of floating point, found float32 [1, 1, 2, 2]") {
        _ = maxPooling1D(zeros(1, 1, 2, 2), window: 1)
    },
    Trap("averagePooling1D: padding -1 is negative") {
        _ = averagePooling1D(zeros(1, 1, 2), window: 1, padding: -1)
    },
    Trap(
        "averagePooling1D: window 1 × 3 is larger than x of shape [1, 1, 1, 2] with "
            + "padding 0 × 0"
    ) {
        _ = averagePooling1D(zeros(1, 1, 2), window: 3)
    },
    Trap("bilinearlySampled: the coordinate at [0, 1, 0] is nan, of shape [1, 2, 2]") {
        _ = bilinearlySampled(
            zeros(1, 1, 2, 2), at: Tensor([0, 0, .nan, 1] as [Float], shape: [1, 2, 2]))
    },
    Trap("bilinearlySampled: the coordinate at [0, 1] is -inf, of shape [1, 2]") {
        _ = gradient(at: Tensor([0, -.infinity] as [Float], shape: [1, 2])) {
            bilinearlySampled(zeros(1, 1, 2, 2), at: $0).sum()
        }
    },
    Trap("bilinearlySampled: images of shape [1, 1, 0, 2] have no pixel") {
        _ = bilinearlySampled(zeros(1, 1, 0, 2), at: zeros(1, 2))
    },
    Trap("bilinearlySampled: images of float32 at coordinates of float64") {
        _ = bilinearlySampled(zeros(1, 1, 2, 2), at: zeros(1, 2).cast(to: .float64))
    },
    Trap(
        "bilinearlySampled: images of shape [2, 1, 2, 2] at coordinates of shape [1, "
            + "2], not [batch, channels, height, width] and [batch, …, 2]"
    ) {
        _ = bilinearlySampled(zeros(2, 1, 2, 2), at: zeros(1, 2))
    },
    Trap("nearestRows: queries of shape [2, 1, 3] and codes of shape [1, 2, 3]") {
        _ = nearestRows(of: zeros(2, 1, 3), in: zeros(1, 2, 3))
    },
    Trap("nearestRows: queries of shape [2, 1, 3] and codes of shape [2, 0, 3]") {
        _ = nearestRows(of: zeros(2, 1, 3), in: zeros(2, 0, 3))
    },
]
