"""AdamW: Adam on the loss, while the weights shrink by themselves: W := (1 - lr weight_decay) W.

The decay is not part of the gradient ("decoupled"), so Adam's scaling does not distort it. Its amount is the
network's ``weight_decay``, which this rule sets to 0.01 where nothing else is asked for (Loshchilov & Hutter 2019).
"""

from tasou.formulas.optimizers.adam import latex as latex
from tasou.formulas.optimizers.adam import lr as lr
from tasou.formulas.optimizers.adam import state as state
from tasou.formulas.optimizers.adam import update as update

weight_decay = 0.01
notes = {
    "en": "Adam with a weight decay that works the same for every parameter; usually generalises better than L2 "
    "in Adam.",
    "ja": "重み減衰を勾配から切り離した Adam。Adam に L2 を加えるより汎化がよいことが多い。",
}
